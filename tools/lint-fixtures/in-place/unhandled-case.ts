// expect: @typescript-eslint/switch-exhaustiveness-check
// message: not exhaustive
export function name(state: "on" | "off") {
  switch (state) {
    case "on":
      return 1;
  }
  return 2;
}
