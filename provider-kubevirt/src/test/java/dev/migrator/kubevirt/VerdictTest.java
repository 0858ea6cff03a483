package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The table over both sides: every combination of what can be seen has one verdict. */
final class VerdictTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "verdicts.md");
  private static final List<Signs> ALL = all();

  @Test
  void everyCombinationHasAVerdictAndEveryRuleMatters() {
    Map<String, Integer> used = new LinkedHashMap<>();
    Verdict.RULES.forEach(rule -> used.put(rule.name(), 0));

    ALL.forEach(signs -> used.merge(Verdict.decide(signs).name(), 1, Integer::sum));

    assertThat(ALL).hasSize(7 * 5 * 5 * 7 * 5 * 5);
    assertThat(used).allSatisfy((rule, count) -> assertThat(count).as(rule).isPositive());
  }

  @Test
  void everyLineHasANameOfItsOwnAndItsReason() {
    assertThat(Verdict.RULES).extracting(Verdict.Rule::name).doesNotHaveDuplicates();
    assertThat(Verdict.RULES)
        .allSatisfy(rule -> assertThat(rule.reason()).as(rule.name()).endsWith("."));
    assertThat(Verdict.RULES)
        .extracting(Verdict.Rule::verdict)
        .containsOnly(Verdict.values())
        .contains(Verdict.values());
  }

  @Test
  void nothingIsUndoneOnceEitherSideSaysThatTheGuestHasMoved() {
    assertThat(where(Signs::isMoved))
        .containsOnlyOnceElementsOf(
            List.of(Verdict.HANDED_OVER, Verdict.SUCCEEDED, Verdict.INDETERMINATE));
  }

  @Test
  void aContradictionIsNeverDecided() {
    assertThat(where(Signs::isContradiction)).containsExactly(Verdict.INDETERMINATE);
  }

  @Test
  void aRollBackNeedsASourceThatIsProvenToRun() {
    ALL.stream()
        .filter(signs -> Verdict.decide(signs).verdict() == Verdict.FAILED_ROLL_BACK)
        .forEach(signs -> assertThat(signs.source()).as(signs.toString()).isEqualTo(Guest.RUNNING));
  }

  @Test
  void theSourceIsStartedAgainOnlyWhereNothingRuns() {
    ALL.stream()
        .filter(signs -> Verdict.decide(signs).verdict() == Verdict.FAILED_RESTART_SOURCE)
        .forEach(
            signs -> {
              assertThat(signs.source()).as(signs.toString()).isNotEqualTo(Guest.RUNNING);
              assertThat(signs.target()).as(signs.toString()).isNotEqualTo(Guest.RUNNING);
            });
  }

  @Test
  void successIsTheTargetsWordAndItsRunningGuest() {
    ALL.stream()
        .filter(signs -> Verdict.decide(signs).verdict() == Verdict.SUCCEEDED)
        .forEach(
            signs -> {
              assertThat(signs.target()).as(signs.toString()).isEqualTo(Guest.RUNNING);
              assertThat(signs.targetStamp()).as(signs.toString()).isEqualTo(Stamp.COMPLETED);
            });
  }

  @Test
  void aReceiveHalfThatGoesWhileMemoryIsCopiedEndsNothing() {
    for (Half receive : List.of(Half.ABSENT, Half.COPYING_LEAVING)) {
      Signs signs =
          new Signs(Half.COPYING, Guest.RUNNING, Stamp.NONE, receive, Guest.WAITING, Stamp.NONE);
      assertThat(Verdict.decide(signs).verdict()).isEqualTo(Verdict.KEEP_WAITING);
    }
  }

  @Test
  void aFinishedReceiveHalfAloneIsNoProof() {
    Signs signs =
        new Signs(Half.COPYING, Guest.ENDED, Stamp.NONE, Half.SUCCEEDED, Guest.WAITING, Stamp.NONE);

    assertThat(Verdict.decide(signs).verdict()).isEqualTo(Verdict.FAILED_RESTART_SOURCE);
  }

  @Test
  void theDocumentIsTheTable() throws IOException {
    String wanted = document();
    if (Boolean.getBoolean("migrator.docs.write")) {
      Files.writeString(DOCUMENT, wanted);
    }

    assertThat(Files.readString(DOCUMENT))
        .as("Run this test with -Dmigrator.docs.write=true to write it anew")
        .isEqualTo(wanted);
  }

  private static String document() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Verdicts

        How the move of one machine stands is decided by one table over both sides
        (`dev.migrator.kubevirt.Verdict`). This page is checked against it. The first line that matches
        decides. What goes in:

        | sign | values |
        | --- | --- |
        """);
    row(text, "send half, receive half", names(Half.values()));
    row(text, "instance on the source, on the target", names(Guest.values()));
    row(text, "what each instance's migration state says of this attempt", names(Stamp.values()));
    text.append(
        """

        The guest *has moved* when either side's instance says DOMAIN_READY or COMPLETED. A half is *over*
        when it is gone, failed, or is deleted before it copies.

        | # | line | verdict | of %d combinations | why |
        | --- | --- | --- | --- | --- |
        """
            .formatted(ALL.size()));
    int number = 1;
    for (Verdict.Rule rule : Verdict.RULES) {
      long count = ALL.stream().filter(signs -> Verdict.decide(signs) == rule).count();
      text.append(
          "| %d | %s | %s | %d | %s |%n"
              .formatted(number++, rule.name(), rule.verdict(), count, rule.reason())
              .replace("\r", ""));
    }
    text.append(
        """

        What follows from each: KEEP_WAITING goes on under the deadlines of the settings; HANDED_OVER and
        SUCCEEDED are saved before anything else is done, then the source is halted; FAILED_ROLL_BACK and
        FAILED_RESTART_SOURCE are decided again on what the servers say at that moment, pods included, and
        end in the roll-back; INDETERMINATE is looked at for half a minute, then everything is left as it is
        and a person is asked.
        """);
    return text.toString();
  }

  private static void row(StringBuilder text, String sign, String values) {
    text.append("| ").append(sign).append(" | ").append(values).append(" |\n");
  }

  private static String names(Enum<?>[] values) {
    return String.join(", ", java.util.Arrays.stream(values).map(Enum::name).toList());
  }

  private static List<Verdict> where(Predicate<Signs> which) {
    return ALL.stream()
        .filter(which)
        .map(signs -> Verdict.decide(signs).verdict())
        .distinct()
        .toList();
  }

  private static List<Signs> all() {
    List<Signs> all = new ArrayList<>();
    for (Half send : Half.values()) {
      for (Guest source : Guest.values()) {
        for (Stamp sourceStamp : Stamp.values()) {
          for (Half receive : Half.values()) {
            for (Guest target : Guest.values()) {
              for (Stamp targetStamp : Stamp.values()) {
                all.add(new Signs(send, source, sourceStamp, receive, target, targetStamp));
              }
            }
          }
        }
      }
    }
    return List.copyOf(all);
  }
}
