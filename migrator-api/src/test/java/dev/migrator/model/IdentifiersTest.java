package dev.migrator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls itself a name in a plan. */
class IdentifiersTest {

  static Stream<String> evil() {
    return Stream.of(
        "",
        " \t",
        "line\nLOG forged",
        "\u0000",
        "\u001b[2J",
        "\u202egnp.exe",
        "zero\u200bwidth",
        "half\uD800",
        "\u2028",
        "x".repeat(254),
        "x".repeat(10_000_000));
  }

  @ParameterizedTest
  @MethodSource("evil")
  void isRefusedEverywhereInAShortSentence(String name) {
    Endpoint here = Endpoint.of("kubevirt", "here");
    List<Runnable> makers =
        List.of(
            () -> MigrationPlan.builder(name, here, here).build(),
            () -> MigrationPlan.builder("plan", here, here).run(name).build(),
            () -> Endpoint.of("kubevirt", name),
            () -> Endpoint.of(name, "here"),
            () -> new VmRef(name, "vm"),
            () -> new VmRef("demo", name),
            () -> VmRef.parse("demo/vm/" + name),
            () -> MigrationType.resolve("x" + name, false),
            () ->
                new Hook(
                    name,
                    "image",
                    List.of(),
                    null,
                    null,
                    Duration.ofMinutes(1),
                    Hook.OnFailure.WARN));

    for (Runnable maker : makers) {
      assertThatIllegalArgumentException()
          .isThrownBy(maker::run)
          .satisfies(
              refused -> {
                assertThat(refused.getMessage()).hasSizeLessThan(500).doesNotContain("\n");
                assertThat(refused.getMessage()).doesNotContain("\u0000", "\u001b", "\u202e");
              });
    }
  }

  @Test
  void aNameInAnyLanguageIsOne() {
    assertThat(new VmRef("größe", "机器 1 – \uD83D\uDE00").name()).endsWith("\uD83D\uDE00");
    assertThat(new VmRef("n".repeat(253), "x").namespace()).hasSize(253);
  }
}
