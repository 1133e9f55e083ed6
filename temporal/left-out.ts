// In place of what no worker uses (sdk.ts).
export {};
