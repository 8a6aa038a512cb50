// Gives Node the day on which our strings are read, so that year-less dates mean the same to everybody.
const now = Date.parse("2026-11-21T03:00:00Z");
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length ? parts : [now]));
  }
  static now() {
    return now;
  }
};
