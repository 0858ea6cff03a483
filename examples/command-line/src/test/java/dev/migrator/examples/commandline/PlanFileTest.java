package dev.migrator.examples.commandline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.core.Limits;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {

  /** The plan of the tests, with contexts, so that no kubeconfig needs to be there. */
  private static final String PLAN =
      CommandWorld.PLAN.replaceAll("kubeconfig: \\w+.yaml", "context: x");

  @TempDir private Path folder;

  @Test
  void theSampleSaysEverythingThatAPlanCanSay() {
    PlanFile file = PlanFile.read(Path.of("plan.yaml"));

    MigrationPlan plan = file.plan();
    assertThat(plan.id()).isEqualTo("rebalance");
    assertThat(plan.run()).isEqualTo("1");
    assertThat(plan.type()).isEqualTo("live");
    assertThat(plan.target().settings()).containsEntry("unsupportedVersion", "warning");
    assertThat(plan.vms())
        .containsExactly(
            PlannedVm.of(new VmRef("shop", "web")),
            PlannedVm.of(new VmRef("shop", "db"))
                .to(new VmRef("retail", "db"))
                .withHooks(
                    new Hook(
                        "quiesce",
                        "registry.example/quiesce:1",
                        List.of("/quiesce", "--level=2"),
                        null,
                        null,
                        Duration.ofMinutes(5),
                        Hook.OnFailure.ABORT),
                    null));
    assertThat(plan.storage()).containsExactly(new StorageMapping("*", "fast", null, "Block"));
    assertThat(plan.networks())
        .containsExactly(
            new NetworkMapping("shop/backend", "retail/backend"),
            new NetworkMapping("shop/debug", null));
    assertThat(plan.settings()).isEqualTo(Map.of("attempts", "2"));
    assertThat(file.source().context()).isEqualTo("east-admin");
    assertThat(file.statusNamespace()).isEqualTo("migrator");
    assertThat(file.limits()).isEqualTo(Limits.of(5));
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: rebalance      | uid: rebalance           | id: is missing
          run: 1             | runs: 1                  | runs: is not known; here are
          run: 1             | run: 1.5                 | run: is a decimal number; put it in quotes
          run: 1             | id: again                | found duplicate key id
          type: live         | type: hot                | Unknown migration type 'hot'
          name: east         | nane: east               | source.name: is missing
          name: east         | name: [east]             | source.name: expected a text, got a list
          context: x}        | kubeconfig: none.yaml}   | source.kubeconfig: there is no readable
          statusNamespace    | # statusNamespace        | statusNamespace: is missing
          - shop/web         | - shop                   | vms[0]: Expected namespace/name, got 'shop'
          - shop/web         | - {source: shop/db}      | names VM shop/db twice
          name: db-moved     | nome: db-moved           | vms[1].target.name: is missing
          perTarget: 2       | perTarget: few           | limits.perTarget: expected a whole number, got 'few'
          perTarget: 2       | perTarget: 0             | limits: At least one machine must be allowed
          limits:            | cancelled: [a/b]  #      | cancelled: a/b is none of the plan's machines
          limits:            | warm: maybe  #           | warm: expected true or false, got 'maybe'
          limits:            | settings: [a]  #         | settings: expected fields, got a list
          limits:            | storage: {a: b}  #       | storage: expected a list, got fields (a)
          limits:            | networks: [{source: a}]# | networks[0].target: is missing; write drop: true
          """)
  void whatIsWrongIsNamedBeforeAnythingIsAsked(String what, String into, String says)
      throws IOException {
    assertThat(PLAN).contains(what);
    Path file = write(PLAN.replaceFirst(java.util.regex.Pattern.quote(what), into));

    assertThatThrownBy(() -> PlanFile.read(file))
        .isInstanceOf(PlanFileException.class)
        .hasMessageContaining(says);
    assertThat(CommandWorld.main("run", file.toString()).as(Exit.USAGE).text()).contains(says);
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "text, expected fields",
    "'[', is no YAML",
    "'a: 1\n---\nb: 2', more than one"
  })
  void whatIsNoPlanIsRefused(String text, String says) throws IOException {
    Path file = write(text);

    assertThatThrownBy(() -> PlanFile.read(file))
        .isInstanceOf(PlanFileException.class)
        .hasMessageContaining(says);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(CommandWorld.main("status", "nowhere.yaml").as(Exit.USAGE).text())
        .contains("nowhere.yaml cannot be read");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), text);
  }
}
