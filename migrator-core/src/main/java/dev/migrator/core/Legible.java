package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;

/**
 * What a migrator says, made fit for a status, an event and a log: without control characters and
 * of a length that a store can hold. A migrator may repeat what a cluster said, which may be
 * anything.
 */
final class Legible {

  /** Longer than fifty sentences, and short enough for a status that holds several such texts. */
  static final int LONGEST = 16_000;

  private Legible() {}

  /** The same concern where all of it is legible. */
  static Concern of(Concern concern) {
    String subject = text(concern.subject());
    String message = text(concern.message());
    String remedy = text(concern.remedy());
    return subject.equals(concern.subject())
            && message.equals(concern.message())
            && remedy.equals(concern.remedy())
        ? concern
        : new Concern(concern.code(), concern.severity(), concern.vm(), subject, message, remedy);
  }

  /** The same outcome where its text is legible; its warnings are seen to where they are kept. */
  static PhaseOutcome of(PhaseOutcome outcome) {
    if (outcome instanceof Await await && !isLegible(await.reason())) {
      return new Await(
          await.name(),
          text(await.reason()),
          await.recheck(),
          await.deadline(),
          await.stall(),
          await.progress(),
          await.late(),
          await.notes());
    }
    if (outcome instanceof Retry retry && !isLegible(retry.message())) {
      return new Retry(text(retry.message()), retry.after(), retry.notes());
    }
    if (outcome instanceof Fail fail && !isLegible(fail.message())) {
      return new Fail(fail.code(), text(fail.message()), fail.disposition(), fail.notes());
    }
    return outcome;
  }

  /** The same text where it is legible. */
  static String text(String text) {
    if (isLegible(text)) {
      return text;
    }
    int kept = Math.min(text.length(), LONGEST);
    StringBuilder clean = new StringBuilder(kept + 3);
    for (int i = 0; i < kept; i++) {
      char each = text.charAt(i);
      clean.append(isUnseen(each) ? ' ' : each);
    }
    return (kept < text.length() ? clean.append("...") : clean).toString();
  }

  private static boolean isLegible(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (isUnseen(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Control characters, line ends, and those that turn the direction of what follows. */
  private static boolean isUnseen(char each) {
    return each < ' '
        || (each >= 0x7f && each < 0xa0)
        || (each >= 0x2028 && each <= 0x202e)
        || (each >= 0x2066 && each <= 0x2069);
  }
}
