import type { MeObject } from '#core/rest-sign-in.ts';

export default function Palette(_: { me: MeObject; text: string }) {
  return null;
}
