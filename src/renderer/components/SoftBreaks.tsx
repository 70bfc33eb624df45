/** Host names and paths that wrap after one of their dots or slashes before they wrap anywhere else. */
import { Fragment } from "react";

export function SoftBreaks({ text }: { readonly text: string }) {
  let end = 0;
  return text.split(/(?<=[^\s./][./])/).map((part) => {
    end += part.length;
    return (
      <Fragment key={end}>
        {part}
        <wbr />
      </Fragment>
    );
  });
}
