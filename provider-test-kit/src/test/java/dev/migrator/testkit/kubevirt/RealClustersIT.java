package dev.migrator.testkit.kubevirt;

import static dev.migrator.model.Side.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Real clusters")
@ExtendWith(ClustersExtension.class)
final class RealClustersIT {

  @Test
  void rightsAreInForceForWhoeverIsNoAdministrator(Clusters clusters) {
    String namespace = clusters.newNamespace("rights");
    String configMaps = "/api/v1/namespaces/" + namespace + "/configmaps";
    Api somebody = new Api(clusters.clientAs(SOURCE, "somebody"));

    assertThat(somebody.get(configMaps).code()).isEqualTo(403);
    clusters
        .actorClient(SOURCE)
        .rbac()
        .roles()
        .inNamespace(namespace)
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName("reader")
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("configmaps")
                .withVerbs("list")
                .endRule()
                .build())
        .create();
    clusters
        .actorClient(SOURCE)
        .rbac()
        .roleBindings()
        .inNamespace(namespace)
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("reader")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "reader")
                .addNewSubject("rbac.authorization.k8s.io", "User", "somebody", null)
                .build())
        .create();

    Poll.until("the right arrived", () -> somebody.get(configMaps).code() == 200);
    assertThat(somebody.post(configMaps, ApiRules.configMapBody("a", "")).code()).isEqualTo(403);
  }
}
