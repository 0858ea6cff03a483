package dev.migrator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MigrationTypeTest {

  static Stream<Arguments> table() {
    return Stream.of(
        argumentSet("an old cold plan", null, false, MigrationType.COLD, false),
        argumentSet("an old warm plan", null, true, MigrationType.WARM, false),
        argumentSet("an empty type is no type", "", true, MigrationType.WARM, false),
        argumentSet("a blank type is no type", "  ", false, MigrationType.COLD, false),
        argumentSet("cold", "cold", false, MigrationType.COLD, false),
        argumentSet("warm without the boolean", "warm", false, MigrationType.WARM, false),
        argumentSet("warm with the boolean", "warm", true, MigrationType.WARM, false),
        argumentSet("live", "live", false, MigrationType.LIVE, false),
        argumentSet("live against the boolean", "live", true, MigrationType.LIVE, true),
        argumentSet("cold against the boolean", "cold", true, MigrationType.COLD, true),
        argumentSet("any letter case", "LiVe", false, MigrationType.LIVE, false),
        argumentSet("space around it", " live ", false, MigrationType.LIVE, false));
  }

  @ParameterizedTest
  @MethodSource("table")
  void theStringWinsOverTheBooleanAndAContradictionIsAWarning(
      @Nullable String type, boolean warm, MigrationType expected, boolean contradiction) {
    MigrationType.Resolution resolution = MigrationType.resolve(type, warm);

    assertThat(resolution.type()).isEqualTo(expected);
    assertThat(resolution.contradiction().isPresent()).isEqualTo(contradiction);
    resolution
        .contradiction()
        .ifPresent(
            concern -> {
              assertThat(concern.severity()).isEqualTo(Severity.WARNING);
              assertThat(concern.describe()).contains(expected.id(), "warm: true");
            });
  }

  @Test
  void anUnknownTypeIsAnErrorThatNamesTheKnownOnes() {
    assertThatThrownBy(() -> MigrationType.resolve("hot", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'hot'")
        .hasMessageContaining("cold, warm, live");
  }

  @Property
  void noOtherTextIsAType(@ForAll String text, @ForAll boolean warm) {
    boolean known =
        Stream.of(MigrationType.values()).anyMatch(t -> t.id().equalsIgnoreCase(text.strip()));
    if (!known && !text.isBlank()) {
      assertThatThrownBy(() -> MigrationType.resolve(text, warm))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(MigrationType.resolve(text, warm).type()).isNotNull();
    }
  }

  @Test
  void thePlanResolvesItsOwnType() {
    MigrationPlan plan =
        MigrationPlan.builder("p", Endpoint.of("a", "e"), Endpoint.of("a", "w")).warm(true).build();

    assertThat(plan.migrationType()).isEqualTo(MigrationType.WARM);
    assertThat(plan.toBuilder().type(MigrationType.LIVE).build().migrationType())
        .isEqualTo(MigrationType.LIVE);
  }
}
