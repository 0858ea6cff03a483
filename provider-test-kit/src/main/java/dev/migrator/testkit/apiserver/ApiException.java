package dev.migrator.testkit.apiserver;

import java.util.LinkedHashMap;
import java.util.Map;

/** An answer other than success, in the words of the real API server. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  final int code;
  final String reason;
  private final transient Map<String, Object> details;

  ApiException(int code, String reason, String message) {
    this(code, reason, message, Map.of());
  }

  private ApiException(int code, String reason, String message, Map<String, Object> details) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException invalidOptions(String why) {
    return new ApiException(422, "Invalid", "the options are invalid: " + why);
  }

  static ApiException notFound(ResourceType type, String name) {
    return about(404, "NotFound", type, name, type.qualified() + " \"" + name + "\" not found");
  }

  static ApiException exists(ResourceType type, String name) {
    return about(
        409, "AlreadyExists", type, name, type.qualified() + " \"" + name + "\" already exists");
  }

  static ApiException conflict(ResourceType type, String name, String why) {
    return about(
        409,
        "Conflict",
        type,
        name,
        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why);
  }

  static ApiException stale(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiException invalid(ResourceType type, String name, String why) {
    return about(
        422,
        "Invalid",
        type,
        name,
        type.kind()
            + (type.group().isEmpty() ? "" : "." + type.group())
            + " \""
            + name
            + "\" is invalid: "
            + why);
  }

  static ApiException forbidden(ResourceType type, String name, String why) {
    return about(
        403, "Forbidden", type, name, type.qualified() + " \"" + name + "\" is forbidden: " + why);
  }

  private static ApiException about(
      int code, String reason, ResourceType type, String name, String message) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", code == 422 ? type.kind() : type.plural());
    return new ApiException(code, reason, message, details);
  }

  /** Returns the {@code Status} object that the caller gets. */
  Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", Map.of());
    status.put("status", "Failure");
    status.put("message", String.valueOf(getMessage()));
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (!details.isEmpty()) {
      status.put("details", details);
    }
    status.put("code", code);
    return status;
  }
}
