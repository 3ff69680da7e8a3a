const PATHS = {
  bolt: 'M13 2 4 14h6l-1 8 9-12h-6z',
  plug: 'M9 2v5M15 2v5M6 7h12v4a6 6 0 0 1-12 0zM12 17v5',
  receipt: 'M6 2h12v20l-3-2-3 2-3-2-3 2zM9 7h6M9 11h6M9 15h3',
  bell: 'M18 16V10a6 6 0 1 0-12 0v6l-2 2h16zM10 21h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 4-6 8-6s8 2 8 6',
  grid: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  station:
    'M5 22V4a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v18M3 22h14M8 6h4v4H8zM15 10h2a2 2 0 0 1 2 2v4a1.5 1.5 0 0 0 3 0V9l-3-3',
  pulse: 'M2 12h5l3-8 4 16 3-8h5',
  check: 'm5 13 4 4L19 7',
  warn: 'M12 3 2 20h20zM12 10v4M12 17v.5',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8v.5',
  close: 'M6 6l12 12M18 6 6 18',
  next: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
  print: 'M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z',
  key: 'M15.500 3a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11ZM11.600 12.400 3 21M6 18l2.500 2.500M16.500 7.500v.5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l5 5',
  star: 'm12 3 2.7 5.8 6.3.8-4.600 4.300 1.200 6.300L12 17l-5.600 3.200 1.200-6.300L3 9.600l6.300-.8z',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside text: hidden from assistive technology, the text says it. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill={filled ? 'currentColor' : 'none'} />
    </svg>
  );
}
