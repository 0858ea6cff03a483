package dev.migrator.model;

import java.util.Objects;

/** What the model takes for a name: people and programs that read logs have to live with it. */
final class Identifiers {

  /** As long as the longest name that Kubernetes allows. */
  private static final int LONGEST = 253;

  private Identifiers() {}

  /**
   * Refuses what is no name.
   *
   * @param value the name
   * @param what what it is the name of, such as {@code A plan's id}
   * @throws IllegalArgumentException when it is blank, longer than 253 characters, or holds control
   *     characters or line ends
   */
  static void require(String value, String what) {
    Objects.requireNonNull(value, what);
    if (value.isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank");
    }
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " characters; at most " + LONGEST + " are allowed");
    }
    if (value.codePoints().anyMatch(Identifiers::isUnseen)) {
      throw new IllegalArgumentException(
          what + " holds control characters: '" + shown(value) + "'");
    }
  }

  /** A value in a message, on one line. */
  static String shown(String value) {
    String begin = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
    StringBuilder shown = new StringBuilder();
    begin.codePoints().forEach(each -> shown.appendCodePoint(isUnseen(each) ? '?' : each));
    return shown.toString();
  }

  private static boolean isUnseen(int each) {
    int type = Character.getType(each);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
