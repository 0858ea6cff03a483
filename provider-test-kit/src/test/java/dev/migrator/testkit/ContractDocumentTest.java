package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Document, rules and verification are one set of rules. */
class ContractDocumentTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "provider-contract.md");
  private static final Pattern RULE =
      Pattern.compile("(?m)^\\*\\*([MP]\\d+\\.\\d+)\\*\\* \\((\\w+)\\) (.+)\\R> (.+)$");

  @Test
  void documentAndRulesSayTheSame() throws IOException {
    List<String> written =
        rules().filter(rule -> !rule.group(2).equals("untested")).map(this::line).toList();
    List<String> declared =
        Arrays.stream(Rule.values())
            .map(
                rule ->
                    rule.id() + (rule.isRequired() ? " required " : " optional ") + rule.sentence())
            .toList();

    assertThat(written).isEqualTo(declared);
  }

  @Test
  void everyRuleThatCanBeCheckedHasItsIntent() throws IOException {
    assertThat(rules().filter(rule -> !rule.group(2).equals("untested")))
        .allSatisfy(rule -> assertThat(rule.group(4)).startsWith("*Intent:* "));
  }

  @Test
  void whatCannotBeCheckedIsListed() throws IOException {
    assertThat(rules().filter(rule -> rule.group(2).equals("untested")))
        .extracting(rule -> rule.group(1))
        .isEqualTo(Rule.UNTESTED);
  }

  @Test
  void everyRuleHasOneTestOfItsLevel() {
    List<Method> tests =
        Arrays.stream(MigratorVerification.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Checks.class))
            .toList();

    assertThat(tests)
        .extracting(test -> test.getAnnotation(Checks.class).value())
        .containsExactlyInAnyOrder(Rule.values());
    assertThat(tests)
        .allSatisfy(
            test ->
                assertThat(findAnnotation(test, Tag.class).orElseThrow().value())
                    .as(test.getName())
                    .isEqualTo(
                        test.getAnnotation(Checks.class).value().isRequired()
                            ? "required"
                            : "optional"));
  }

  @Test
  void everyRuleUsesAWordOfRfc2119() {
    assertThat(Rule.values())
        .allSatisfy(r -> assertThat(r.sentence()).containsPattern("MUST|SHOULD"));
  }

  private String line(MatchResult rule) {
    return rule.group(1) + " " + rule.group(2) + " " + rule.group(3).replace("`", "");
  }

  private static Stream<MatchResult> rules() throws IOException {
    return RULE.matcher(Files.readString(DOCUMENT)).results();
  }
}
