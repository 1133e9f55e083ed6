import type { MeObject } from '#core/rest-sign-in.ts';

export default function Palette(opened: { me: MeObject; text: string }) {
  return opened.text === '' ? null : <></>;
}
