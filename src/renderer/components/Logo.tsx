/** The mark: one program, two destinations, one of them telling. */
interface LogoProps {
  readonly size: number;
}

export function Logo({ size }: LogoProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor">
      <path
        d="M9 10.5C13 9.5 15 7.5 17 5.8M9 13.5c4 1 6 3 8 4.7"
        strokeWidth="1.6"
        strokeLinecap="round"
        opacity="0.55"
      />
      <rect x="2.5" y="7.8" width="8.4" height="8.4" rx="2.6" strokeWidth="1.7" fill="currentColor" />
      <circle cx="18.6" cy="5" r="2.6" strokeWidth="1.7" />
      <circle cx="18.6" cy="19" r="2.6" fill="var(--tone-telemetry)" stroke="var(--tone-telemetry)" strokeWidth="1.7" />
    </svg>
  );
}
