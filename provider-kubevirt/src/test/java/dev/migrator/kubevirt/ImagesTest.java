package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images that a running machine uses are read from its launcher pod. */
class ImagesTest {

  @ParameterizedTest
  @CsvSource({
    "registry.example/os:1, registry.example/os",
    "registry.example/os, registry.example/os",
    "registry.example:5000/os:1, registry.example:5000/os",
    "registry.example:5000/os, registry.example:5000/os",
  })
  void aTagGivesWayToTheDigest(String image, String repository) {
    assertThat(Images.inUse(vmi(image), List.of(pod("Running", "volumeroot"))))
        .containsExactly(Map.entry("root", repository + "@" + Machines.DIGEST));
  }

  @Test
  void onlyThePodThatRunsCounts() {
    assertThat(Images.inUse(vmi("os:1"), List.of(pod("Succeeded", "volumeroot")))).isEmpty();
    assertThat(Images.inUse(vmi("os:1"), List.of(pod("Running", "compute")))).isEmpty();
    assertThat(Images.inUse(vmi("os:1"), List.of())).isEmpty();
  }

  @Test
  void anImageThatIsPinnedAlreadyNeedsNoPod() {
    assertThat(Images.isNeeded(vmi("os:1").spec())).isTrue();
    assertThat(Images.isNeeded(vmi("os@" + Machines.DIGEST).spec())).isFalse();
    assertThat(Images.isNeeded(Machines.plain().build().vm().templateSpec())).isFalse();
  }

  private static VmiView vmi(String image) {
    GenericKubernetesResource vmi = Kind.INSTANCE.blank("demo", "web");
    Map<String, Object> volume = new LinkedHashMap<>();
    volume.put("name", "root");
    Tree.put(volume, image, "containerDisk", "image");
    Tree.put(vmi.getAdditionalProperties(), List.of(volume), "spec", "volumes");
    return new VmiView(vmi);
  }

  private static GenericKubernetesResource pod(String phase, String container) {
    GenericKubernetesResource pod = Kind.POD.blank("demo", "virt-launcher-web-x");
    Tree.put(pod.getAdditionalProperties(), phase, "status", "phase");
    Tree.put(
        pod.getAdditionalProperties(),
        List.of(
            Map.of("name", container, "imageID", "docker-pullable://some/os@" + Machines.DIGEST)),
        "status",
        "containerStatuses");
    return pod;
  }
}
