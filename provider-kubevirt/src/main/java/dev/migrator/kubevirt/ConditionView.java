package dev.migrator.kubevirt;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@code status.conditions}.
 *
 * @param type its type
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason the reason in upper camel case; empty where there is none
 * @param message the text for people; empty where there is none. KubeVirt freezes it at the first
 *     error (contract 2.3), so it is shown with its age
 * @param since the last transition, or null where the writer gave none
 */
record ConditionView(
    String type, String status, String reason, String message, @Nullable Instant since) {

  boolean isTrue() {
    return "True".equals(status);
  }

  boolean isFalse() {
    return "False".equals(status);
  }

  /** Reason and message in one line, whichever exist. */
  String describe() {
    String why = reason.isEmpty() || message.isEmpty() ? reason + message : reason + ": " + message;
    return why.isEmpty() ? type + "=" + status : type + "=" + status + " (" + why + ")";
  }

  static List<ConditionView> all(Map<String, Object> status) {
    return Tree.maps(status, "conditions").stream().map(ConditionView::of).toList();
  }

  static Optional<ConditionView> find(Map<String, Object> status, String type) {
    return all(status).stream().filter(each -> each.type.equals(type)).findFirst();
  }

  private static ConditionView of(Map<String, Object> map) {
    return new ConditionView(
        Tree.text(map, "type").map(Words::name).orElse(""),
        Tree.text(map, "status").map(Words::name).orElse("Unknown"),
        Tree.text(map, "reason").map(Words::name).orElse(""),
        Tree.text(map, "message").map(Words::said).orElse(""),
        instant(map, "lastTransitionTime").orElse(null));
  }

  /** The instant at a path, or empty when there is none that can be read. */
  static Optional<Instant> instant(Map<String, Object> map, String... path) {
    return Tree.text(map, path).flatMap(ConditionView::parse);
  }

  private static Optional<Instant> parse(String text) {
    try {
      return Optional.of(java.time.OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
