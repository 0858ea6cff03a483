package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The fingerprint of a source tells edits from what controllers, and we, write ourselves. */
class FingerprintTest {

  @Test
  void whatWeAndKubeVirtWriteIsNoChange() {
    assertThat(changes(m -> m.spec(it -> it.put("runStrategy", "Manual")))).isEmpty();
    assertThat(
            changes(
                m ->
                    m.spec(
                        it ->
                            Tree.put(
                                it, "drawn", "template", "spec", "domain", "firmware", "serial"))))
        .isEmpty();
    assertThat(changes(m -> m.status(it -> it.put("printableStatus", "Migrating")))).isEmpty();
    assertThat(changes(m -> m.instanceStatus(it -> it.put("nodeName", "node-2")))).isEmpty();
    assertThat(
            changes(
                m ->
                    m.machine(
                        it -> it.getMetadata().setAnnotations(Map.of("migrator.dev/x", "y")))))
        .isEmpty();
    assertThat(
            changes(
                m ->
                    m.claim(
                        "everything-bare",
                        it -> Tree.put(it, "12Gi", "status", "capacity", "storage"))))
        .isEmpty();
  }

  @Test
  void editsOfTheMachineAreChanges() {
    List<String> machine = List.of("the machine's spec, or its running instance");
    assertThat(
            changes(
                m -> m.spec(it -> Tree.put(it, 2, "template", "spec", "domain", "cpu", "sockets"))))
        .isEqualTo(machine);
    assertThat(changes(m -> m.instanceSpec(it -> it.put("volumes", List.of())))).isEqualTo(machine);
    assertThat(changes(m -> m.instance(it -> it.getMetadata().setUid("after-a-restart"))))
        .isEqualTo(machine);
    assertThat(changes(Machines::stopped)).isEqualTo(machine);
  }

  @Test
  void editsOfWhatItRefersToAreChanges() {
    List<String> belongings = List.of("a volume, Secret or ConfigMap that it refers to");
    assertThat(changes(m -> m.secret("init", it -> it.put("data", Map.of("userdata", "x")))))
        .isEqualTo(belongings);
    assertThat(changes(m -> m.without(ReferenceKind.CONFIG_MAP, "settings"))).isEqualTo(belongings);
    assertThat(
            changes(
                m ->
                    m.claim(
                        "everything-bare",
                        it -> Tree.put(it, "20Gi", "spec", "resources", "requests", "storage"))))
        .isEqualTo(belongings);
  }

  @Test
  void itHoldsDigestsOnly() {
    assertThat(Fingerprint.of(Machines.own("everything").build()).text())
        .matches("[0-9a-f]{64}\\.[0-9a-f]{64}");
  }

  @Test
  void aGuessedSecretCannotBeTriedAgainstIt() {
    SourceMachine one = Machines.own("everything").build();
    String before = Fingerprint.of(one).belongings();

    one.secrets().values().iterator().next().getMetadata().setUid("known-to-its-readers-only");

    assertThat(Fingerprint.of(one).belongings()).isNotEqualTo(before);
  }

  @Test
  void anIdentityThatArrivesOtherwiseIsToldTraitByTrait() {
    VmiView source = Machines.plain().build().instance().orElseThrow();
    GenericKubernetesResource changed = Tree.copy(source.raw());
    Map<String, Object> spec = new LinkedHashMap<>(source.spec());
    changed.setAdditionalProperty("spec", Tree.copy(spec));
    Tree.put(changed.getAdditionalProperties(), "other", "spec", "domain", "firmware", "uuid");
    Tree.remove(changed.getAdditionalProperties(), "spec", "domain", "cpu", "sockets");
    assertThat(Identity.of(source).differences(Identity.of(new VmiView(changed))))
        .containsExactly(
            "firmware UUID was " + Machines.UUID + " and is other.",
            "CPU sockets was 1 and is not set.");
    assertThat(Identity.of(source).differences(Identity.of(source))).isEmpty();
  }

  private static List<String> changes(UnaryOperator<Machines> change) {
    String before = Fingerprint.of(Machines.own("everything").build()).text();
    return Fingerprint.of(change.apply(Machines.own("everything")).build()).changedSince(before);
  }
}
