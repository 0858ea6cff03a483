package dev.migrator.examples.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.examples.terminal.Exit;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolesTest {

  @ParameterizedTest
  @EnumSource
  void everyFileThatIsShippedCanBeApplied(Roles side) {
    assertThat(roles(side, new String[0])).isNotEmpty();
  }

  @Test
  void aNamespaceStandsInTheRoleOfTheMachinesAndInNoOther() {
    assertThat(roles(Roles.SOURCE, "--namespace", "shop"))
        .extracting(role -> role.getKind() + " " + role.getMetadata().getNamespace())
        .contains("Role shop", "Role kubevirt", "ClusterRole null");
    assertThat(roles(Roles.HOST, "--namespace", "ops"))
        .extracting(role -> role.getMetadata().getNamespace())
        .containsExactly("ops");
    assertThat(roles(Roles.TRUST, "--namespace", "shop"))
        .extracting(role -> role.getMetadata().getNamespace())
        .containsExactly("kubevirt");
  }

  @Test
  void whatIsNotUnderstoodIsUsage() {
    assertThat(CommandWorld.main("roles", "--side", "both").as(Exit.USAGE).text())
        .contains("source, target, host");
    CommandWorld.main("roles").as(Exit.USAGE);
    CommandWorld.main("move").as(Exit.USAGE);
    CommandWorld.main("run").as(Exit.USAGE);
    assertThat(CommandWorld.main("--help").as(Exit.DONE).text())
        .contains("validate", "run", "status", "cancel", "roles");
    assertThat(CommandWorld.main("run", "--help").as(Exit.DONE).text()).contains("--retry");
  }

  private static List<GenericKubernetesResource> roles(Roles side, String... more) {
    String[] args =
        Arrays.copyOf(new String[] {"roles", "--side", side.toString()}, 3 + more.length);
    System.arraycopy(more, 0, args, 3, more.length);
    String yaml = CommandWorld.main(args).as(Exit.DONE).text();
    return Arrays.stream(yaml.split("(?m)^---$", -1))
        .map(one -> new KubernetesSerialization().unmarshal(one, GenericKubernetesResource.class))
        .toList();
  }
}
