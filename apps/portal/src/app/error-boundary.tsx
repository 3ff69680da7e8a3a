import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/states.js';

/** A page that breaks (or whose code did not load) says so and leaves the frame standing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Empty icon="warn" title="This page could not be shown">
        <p>Load it again. If it stays, tell your operator what you were doing.</p>
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Empty>
    );
  }
}
