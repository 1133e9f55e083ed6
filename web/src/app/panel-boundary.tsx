import { Component, type ReactNode } from 'react';
import { problemOf } from '../ui/describe-failure.ts';
import { ErrorState } from '../ui/error-state.tsx';

interface Props {
  /** What it is, for the sentence: `the log`. */
  what: string;
  children: ReactNode;
  /** Another value tries again: the address, the object. */
  resetKey?: string;
}

/** A crash inside leaves everything outside alive. */
export class PanelBoundary extends Component<Props, { thrown: unknown; key: string | undefined; hasThrown: boolean }> {
  override state = { thrown: null as unknown, key: this.props.resetKey, hasThrown: false };

  static getDerivedStateFromError(thrown: unknown) {
    return { thrown, hasThrown: true };
  }

  static getDerivedStateFromProps(props: Props, state: { key: string | undefined }) {
    return props.resetKey === state.key ? null : { thrown: null, key: props.resetKey, hasThrown: false };
  }

  override render(): ReactNode {
    const { what, children } = this.props;
    if (!this.state.hasThrown) return children;
    return (
      <ErrorState
        problem={this.state.thrown}
        what={`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be shown`}
        // Code that did not come is asked for again by a load alone: a failed import is kept by the browser.
        onRetry={() => {
          if (problemOf(this.state.thrown)) location.reload();
          else this.setState({ thrown: null, hasThrown: false });
        }}
      />
    );
  }
}
