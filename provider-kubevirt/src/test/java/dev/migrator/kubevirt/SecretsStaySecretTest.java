package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Canaries in every Secret and in cloud-init; nothing that is printed may sing of them. */
class SecretsStaySecretTest {

  private static final List<String> CANARIES =
      List.of("Y2FuYXJ5LXNlY3JldC12YWx1ZQ==", "canary-secret-value", "canary-of-cloud-init");

  private final Machines machine =
      Machines.own("everything")
          .both(
              spec ->
                  Tree.named(spec, "drive", "volumes")
                      .ifPresent(
                          it ->
                              Tree.put(
                                  it, "canary-of-cloud-init", "cloudInitConfigDrive", "userData")));

  @Test
  void noTextOfAnyTypeHoldsASecretValue() {
    SourceMachine source = machine.build();
    MigrationPlan plan = machine.plan().build();
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    Blueprint blueprint =
        Blueprints.build(source, plan, machine.planned(), options, TargetFacts.unknown());
    TargetFacts facts =
        TargetFacts.unknown()
            .with(Kind.SECRET, "demo", "init", java.util.Optional.of(blueprint.shared().get(1)));
    List<String> texts = new ArrayList<>();
    texts.add(source.toString());
    texts.add(source.vm().toString());
    texts.add(source.instance().orElseThrow().toString());
    texts.add(source.references().toString());
    texts.add(SourceVolume.of(source).toString());
    texts.add(blueprint.toString());
    texts.add(blueprint.volumes().toString());
    texts.add(facts.toString());
    texts.add(Fingerprint.of(source).toString());
    texts.add(Identity.of(source.instance().orElseThrow()).describe());
    for (Concern concern :
        Migratability.ofMachine(
            source,
            plan,
            machine.planned(),
            options,
            KubeVirts.of("v1.9.0"),
            KubeVirts.of("v1.9.0"),
            facts)) {
      texts.add(concern.describe());
    }
    assertThat(texts).allSatisfy(text -> assertThat(text).doesNotContain(CANARIES));
    // The canaries do sing where they belong.
    assertThat(blueprint.shared().get(1).getAdditionalProperties().get("data"))
        .isEqualTo(Map.of("userdata", CANARIES.get(0)));
  }
}
