package dev.migrator.testkit.apiserver;

/** Thrown by an {@link Admission} to refuse a request; the caller gets its code and reason. */
public final class AdmissionDenied extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  /**
   * Creates a refusal.
   *
   * @param code HTTP status such as 422
   * @param reason {@code Status.reason} such as {@code Invalid}
   * @param message {@code Status.message}
   */
  public AdmissionDenied(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** Returns the HTTP status. */
  public int code() {
    return code;
  }

  /** Returns {@code Status.reason}. */
  public String reason() {
    return reason;
  }
}
