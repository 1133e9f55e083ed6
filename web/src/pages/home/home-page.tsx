import { usePageHead } from '../../app/page.ts';

export default function HomePage() {
  usePageHead({ title: 'Home' });
  return null;
}
