package dev.migrator.examples.commandline;

import dev.migrator.examples.commandline.Fields.Node;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;

/** What a single value of a plan file means. */
final class Scalars {

  private Scalars() {}

  static Integer number(Node node) {
    try {
      return Integer.valueOf(node.text());
    } catch (NumberFormatException e) {
      throw expected(node, "a whole number");
    }
  }

  static Boolean truth(Node node) {
    return switch (node.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected(node, "true or false");
    };
  }

  /** One of an enum's names, in any letter case. */
  static <E extends Enum<E>> E oneOf(Class<E> type, Node node) {
    return Arrays.stream(type.getEnumConstants())
        .filter(candidate -> candidate.name().equalsIgnoreCase(node.text()))
        .findFirst()
        .orElseThrow(() -> expected(node, "one of " + Arrays.toString(type.getEnumConstants())));
  }

  /** {@code 90s}, {@code 1h30m} or {@code PT2M}, as the provider's settings are written. */
  static Duration duration(Node node) {
    String text = node.text().toUpperCase(Locale.ROOT);
    try {
      return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    } catch (DateTimeParseException e) {
      throw expected(node, "a duration such as 90s or 5m");
    }
  }

  private static PlanFileException expected(Node node, String what) {
    return new PlanFileException(node.place(), "expected " + what + ", got '" + node.text() + "'");
  }
}
