package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings: typed, with defaults, and nothing ignored. */
class KubeVirtOptionsTest {

  @Test
  void everyDefaultIsAccepted() {
    KubeVirtOptions options = KubeVirtOptions.of(plan(Map.of(), Map.of(), Map.of()));
    assertThat(options.instancetypes()).isEqualTo(KubeVirtOptions.Instancetypes.EXPAND);
    assertThat(options.deadlines().sync()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.restoreRunStrategy()).isNull();
    assertThat(options.connectUrl()).isNull();
  }

  @Test
  void thePlanWinsOverItsTarget() {
    KubeVirtOptions options =
        KubeVirtOptions.of(
            plan(
                Map.of(),
                Map.of("images", "tag", "deadline.sync", "90s"),
                Map.of("deadline.sync", "PT3M", "restoreRunStrategy", "Once")));
    assertThat(options.images()).isEqualTo(KubeVirtOptions.Images.TAG);
    assertThat(options.deadlines().sync()).isEqualTo(Duration.ofMinutes(3));
    assertThat(options.restoreRunStrategy()).isEqualTo(KubeVirtOptions.RunStrategy.ONCE);
  }

  @ParameterizedTest
  @CsvSource({
    "instancetypes, always",
    "instancetypes.mismatch, fatal",
    "images, latest",
    "volumes.firstConsumer, none",
    "volumes.keepOnRollback, yes",
    "nodeConstraints, drop",
    "restoreRunStrategy, Halted",
    "restoreRunStrategy, WaitAsReceiver",
    "createNamespace, 1",
    "serviceExports, submariner",
    "connectUrl, https://sync.example:9185",
    "connectUrl, sync.example",
    "unsupportedVersion, ignore",
    "deadline.sync, soon",
    "deadline.sync, -5m",
    "deadline.sync, 0s",
    "deadline.sync, 9999h",
  })
  void aWrongValueIsAnErrorThatNamesWhatIsAccepted(String key, String value) {
    assertThatThrownBy(() -> KubeVirtOptions.of(plan(Map.of(), Map.of(), Map.of(key, value))))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value)
        .hasMessageContaining("accepted");
  }

  @Test
  void unknownKeysOfAnySideAreErrorsAndAllAreNamed() {
    assertThatThrownBy(
            () ->
                KubeVirtOptions.of(
                    plan(Map.of("images", "tag"), Map.of("imges", "tag"), Map.of("image", "tag"))))
        .hasMessageContaining("'images'")
        .hasMessageContaining("'imges'")
        .hasMessageContaining("'image'");
  }

  @Test
  void everySettingIsDocumentedAsItIs() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("..", "docs", "settings.md")).stream()
                .filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(
            Arrays.stream(Setting.values()).map(Setting::documentation).toList());
  }

  private static MigrationPlan plan(
      Map<String, String> source, Map<String, String> target, Map<String, String> settings) {
    return MigrationPlan.builder(
            "plan",
            new Endpoint("kubevirt", "east", source),
            new Endpoint("kubevirt", "west", target))
        .settings(settings)
        .build();
  }
}
