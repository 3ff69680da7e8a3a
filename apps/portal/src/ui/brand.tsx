/** The name with its mark. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="9" className="brand-tile" />
        <path d="M18.200 4.500 8 18h6.400l-1 9.500L24 13.500h-6.600z" className="brand-bolt" />
      </svg>
      Kilowatch
    </span>
  );
}
