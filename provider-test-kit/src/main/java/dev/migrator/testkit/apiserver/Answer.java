package dev.migrator.testkit.apiserver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller gets back.
 *
 * @param code HTTP status
 * @param body JSON, or plain text where {@code json} says so
 * @param json whether the body is JSON
 * @param retryAfter the {@code Retry-After} header
 */
record Answer(int code, String body, boolean json, @Nullable Duration retryAfter) {

  static Answer json(int code, String body) {
    return new Answer(code, body, true, null);
  }

  static Answer text(int code, String body) {
    return new Answer(code, body, false, null);
  }

  static Answer of(ApiException failure) {
    return new Answer(failure.code, Json.write(failure.status()), true, null);
  }

  /** A server that turns somebody away before it looks at the request says so in plain text. */
  static Answer of(Fault.Answer fault) {
    return fault.retryAfter() == null
        ? of(new ApiException(fault.code(), fault.reason(), fault.message()))
        : new Answer(fault.code(), fault.message(), false, fault.retryAfter());
  }
}
