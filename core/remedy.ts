/** What helps where something is wrong with a machine or a server: `buildit doctor` and the health page say the same. */
export const REMEDIES = {
  disk: 'make room, or set BUILDIT_DATA to a folder on a larger disk',
  clocks: 'set both clocks by NTP: timedatectl set-ntp true',
  transport: 'listen on 127.0.0.1 behind a proxy that speaks https, with --public-url https://…',
} as const;
