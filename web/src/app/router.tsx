import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { Redirect, Route, Switch, useLocation, useParams } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { listWorkspaces } from '../data/me.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { AfterAMoment, SkeletonRows } from '../ui/skeleton.tsx';
import { LAZY_PAGES } from './lazy-page.tsx';
import { NotFound } from './not-found.tsx';
import { PanelBoundary } from './panel-boundary.tsx';
import { chooseWorkspace, rememberWorkspace, usePlace } from './place.ts';
import { ROUTES, type PageRoute } from './routes.ts';
import { RunRedirect } from './run-redirect.tsx';

/** What stands at the address. */
export function Router({ me }: { me: MeObject }) {
  const [path] = useLocation();
  return (
    <PanelBoundary what="the page" resetKey={pageOf(path)}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          <Route path="/">
            <FirstPage me={me} />
          </Route>
          <Route path="/r/:run">
            <RunRedirect />
          </Route>
          {ROUTES.map((route) => (
            <Route key={route.path} path={route.path}>
              <OnePage route={route} />
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </PanelBoundary>
  );
}

function OnePage({ route }: { route: PageRoute }) {
  const Page = LAZY_PAGES.get(route);
  const needsWorkspace = route.path.startsWith('/:org/:workspace');
  const page = Page ? <Page /> : null;
  return needsWorkspace ? <InWorkspace>{page}</InWorkspace> : page;
}

/** What one may not see is not there. */
function InWorkspace({ children }: { children: ReactNode }) {
  const place = usePlace();
  const { org, workspace } = useParams();
  useEffect(() => {
    if (place) rememberWorkspace(place.path);
  }, [place?.path]);
  return place ? children : <NotFound what={`workspace ${org}/${workspace}`} />;
}

function FirstPage({ me }: { me: MeObject }) {
  const first = chooseWorkspace(listWorkspaces(me));
  if (first) return <Redirect to={`/${first.path}`} replace />;
  return (
    <ErrorState
      what="You are in no workspace yet"
      problem={new Error('Ask an owner of an organization for a role in one of its workspaces')}
    />
  );
}

function PageSkeleton() {
  return (
    <AfterAMoment>
      <p role="status" className="sr-only">
        Loading
      </p>
      <div className="m-6 rounded-8 border border-subtle">
        <SkeletonRows rows={12} />
      </div>
    </AfterAMoment>
  );
}

/** A stage of a run is a part of the run's page. */
function pageOf(path: string): string {
  return path.replace(/(\/runs\/[^/]+)\/stages\/.*$/, '$1');
}

/** After a change of page the focus is at its beginning, as after a load; not after a change of a tab or filter. */
export function useFocusOnNavigation(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const [location] = useLocation();
  const path = pageOf(location);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [path]);
  return main;
}
