package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An annotation is written on the very object that is meant, or not at all. */
final class AnnotateTest {

  private static final String KEY = Labels.TOUCHED;

  private final MigrationRig rig = new MigrationRig();
  private final Cluster cluster = new Cluster(Side.TARGET, rig.clusters.client(Side.TARGET));

  @BeforeEach
  void namespace() {
    rig.clusters.createNamespace(MigrationRig.NAMESPACE);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void setsAndTakesAwayOneAnnotation() {
    ObjectRef made = make();

    assertThat(cluster.annotate(made, KEY, "1")).isTrue();
    assertThat(annotation()).isEqualTo("1");
    assertThat(cluster.annotate(made, KEY, null)).isTrue();
    assertThat(annotation()).isNull();
  }

  @Test
  void anotherObjectOfTheSameNameIsNotTouchedAndNoFailure() {
    ObjectRef first = make();
    cluster.delete(first, "");
    make();

    assertThat(cluster.annotate(first, KEY, "1")).isFalse();
    assertThat(annotation()).isNull();
  }

  @Test
  void anObjectThatIsGoneIsNoFailure() {
    ObjectRef first = make();
    cluster.delete(first, "");

    assertThat(cluster.annotate(first, KEY, "1")).isFalse();
  }

  @Test
  void aRefusalOfTheVeryObjectIsOne() {
    ObjectRef made = make();
    rig.clusters.admit(
        "ConfigMap",
        review -> {
          throw new AdmissionDenied(422, "Invalid", "not today");
        });

    assertThatThrownBy(() -> cluster.annotate(made, KEY, "1"))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("not today");
  }

  private ObjectRef make() {
    return cluster.ref(
        cluster.create(Kind.CONFIG_MAP.blank(MigrationRig.NAMESPACE, "a")).orElseThrow());
  }

  private String annotation() {
    GenericKubernetesResource found =
        cluster.get(Kind.CONFIG_MAP, MigrationRig.NAMESPACE, "a").orElseThrow();
    return Labels.annotations(found).get(KEY);
  }
}
