package dev.migrator.kubevirt;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes what others wrote fit to be repeated: in a plan, in an object, in a server's answer. */
final class Words {

  private static final int LONGEST_NAME = 130;
  private static final int LONGEST_SENTENCE = 2000;
  private static final int LONGEST_SAYING = 400;

  /** Control characters, and those that turn the direction of what follows. */
  private static final Pattern UNSEEN =
      Pattern.compile(
          "[\\p{Cntrl}\\u2028\\u2029\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]+");

  private Words() {}

  /** A name or value, on one line and not too long. */
  static String name(@Nullable String text) {
    return text == null ? "(none)" : cut(text, LONGEST_NAME, "?");
  }

  /** A sentence, on one line and not too long. */
  static String sentence(@Nullable String text) {
    return text == null ? "" : cut(text, LONGEST_SENTENCE, " ");
  }

  /** What a controller noted in a condition, a state or an event; confidential data is withheld. */
  static String said(@Nullable String text) {
    return text == null
        ? ""
        : Confidential.isSpelledIn(text) ? Confidential.WITHHELD : cut(text, LONGEST_SAYING, " ");
  }

  private static String cut(String text, int longest, String instead) {
    // What is cut off needs no cleaning, however much it is.
    String begin = text.length() > 2 * longest ? text.substring(0, 2 * longest) : text;
    String clean = UNSEEN.matcher(begin).replaceAll(instead).strip();
    return clean.length() > longest || begin.length() < text.length()
        ? clean.substring(0, Math.min(longest, clean.length())) + "..."
        : clean;
  }
}
