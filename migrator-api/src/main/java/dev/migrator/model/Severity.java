package dev.migrator.model;

/** How much a {@link Concern} weighs. */
public enum Severity {
  /** The migration would fail or lose something: it does not start. */
  CRITICAL,
  /** The migration works, but the result differs from the source in a way that people may mind. */
  WARNING,
  /** Worth knowing; nothing needs to be done. */
  ADVISORY
}
