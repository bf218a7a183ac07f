import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { Component, type ReactNode } from "react";

/** Shows what broke in a page, and leaves the rest of the console standing. */
export class Crashed extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <Alert type="error" header="This page broke" action={<Button onClick={() => location.reload()}>Load again</Button>}>
        {this.state.error.message}
      </Alert>
    );
  }
}
