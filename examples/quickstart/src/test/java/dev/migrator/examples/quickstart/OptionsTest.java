package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {

  @TempDir private Path folder;
  private final Properties properties = new Properties();

  @BeforeEach
  void giveTheFour() throws IOException {
    properties.setProperty("from", Files.writeString(folder.resolve("a"), "").toString());
    properties.setProperty("to", Files.writeString(folder.resolve("b"), "").toString());
    properties.setProperty("namespace", "prod");
    properties.setProperty("vm", "web");
  }

  @Test
  void theMachineKeepsItsNameUnlessAnotherIsGiven() {
    assertThat(Options.of(properties).target()).isEqualTo(new VmRef("prod", "web"));
    properties.setProperty("targetNamespace", "new");
    assertThat(Options.of(properties).target()).isEqualTo(new VmRef("new", "web"));
  }

  @Test
  void mappingsAndSettingsReachThePlan() {
    properties.setProperty("storage", "ceph=local, *=slow");
    properties.setProperty("network", "pod=net/a");
    properties.setProperty("settings", "some=thing");

    MigrationPlan plan = Options.of(properties).plan("east", "west");

    assertThat(plan.storage())
        .containsExactly(StorageMapping.of("ceph", "local"), StorageMapping.of("*", "slow"));
    assertThat(plan.networks()).containsExactly(new NetworkMapping("pod", "net/a"));
    assertThat(plan.settings()).containsEntry("some", "thing");
    assertThat(plan.isWithinOneCluster()).isFalse();
  }

  @Test
  void whatIsMissingIsNamed() {
    properties.remove("vm");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of(properties))
        .withMessage("-Dvm is missing.");
  }

  @Test
  void aKubeconfigThatIsNotThereIsNamed() {
    properties.setProperty("to", folder.resolve("nowhere").toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of(properties))
        .withMessageContaining("nowhere");
  }

  @Test
  void aMappingThatIsNoPairIsNamed() {
    properties.setProperty("storage", "ceph");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of(properties))
        .withMessageContaining("-Dstorage has 'ceph'");
  }
}
