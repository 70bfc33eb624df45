/** A long name that wraps after its dots, before it wraps anywhere else. */
import { Fragment } from "react";

export function DottedName({ text }: { readonly text: string }) {
  let end = 0;
  return text.split(/(?<=\.)/).map((part) => {
    end += part.length;
    return (
      <Fragment key={end}>
        {part}
        <wbr />
      </Fragment>
    );
  });
}
