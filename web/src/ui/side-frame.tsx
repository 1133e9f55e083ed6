import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

export interface SideGroup {
  title: string;
  links: readonly { href: string; label: string }[];
}

/** Links at the left (above on a narrow screen), and the page of one of them. */
export function SideFrame(props: { label: string; groups: readonly SideGroup[]; children: ReactNode }) {
  const { label, groups, children } = props;
  const [path] = useLocation();
  return (
    <div className="flex gap-6 p-6 max-lg:flex-col max-lg:gap-4 max-sm:p-4">
      <nav
        aria-label={label}
        className="flex w-44 shrink-0 flex-col gap-5 max-lg:w-full max-lg:flex-row max-lg:flex-wrap max-lg:gap-x-6 max-lg:gap-y-2"
      >
        {groups.map(({ title, links }) => (
          <section key={title} aria-label={title} className="min-w-0">
            <h2 className="truncate px-2 pb-1 text-12 font-medium text-3">{title}</h2>
            <ul className="flex flex-col gap-0.5 max-lg:flex-row max-lg:flex-wrap">
              {links.map(({ href, label }) => (
                <li key={href}>
                  <Link
                    href={href}
                    aria-current={path === href ? 'page' : undefined}
                    className="flex h-7 items-center rounded-6 px-2 text-13 text-2 no-underline hover:bg-hover hover:text-1 aria-[current]:bg-active aria-[current]:font-medium aria-[current]:text-1"
                  >
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className="flex max-w-240 min-w-0 flex-1 flex-col gap-4">{children}</div>
    </div>
  );
}
