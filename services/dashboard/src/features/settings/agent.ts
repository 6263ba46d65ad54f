/** The browser and the system that a user agent names; null for what it does not name. */
export interface Agent {
  browser: string
  system: string
}

/** In the order of looking: every later browser also calls itself by an earlier one's name. */
const BROWSERS: [pattern: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
const first = (text: string, among: [RegExp, string][]) => among.find(([pattern]) => pattern.test(text))?.[1]

export function readAgent(userAgent: string): Agent | null {
  const browser = first(userAgent, BROWSERS)
  const system = first(userAgent, SYSTEMS)
  return browser && system ? { browser, system } : null
}
