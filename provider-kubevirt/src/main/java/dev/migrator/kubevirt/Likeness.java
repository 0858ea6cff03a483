package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a server would store a receiver, or a volume of it, in which the guest finds itself
 * again. KubeVirt's controllers compare nothing (contract 4.2): other CPU, disks, addresses or a
 * smaller claim go through to "Succeeded".
 */
final class Likeness {

  private Likeness() {}

  /** Where what would be stored differs for the guest from what was sent, in sentences. */
  static List<String> differences(
      GenericKubernetesResource sent, GenericKubernetesResource stored) {
    if (Kind.VIRTUAL_MACHINE.matches(sent)) {
      return identity(sent).differences(identity(stored));
    }
    Optional<BigInteger> asked = size(sent);
    return asked.isPresent() && size(stored).filter(it -> it.compareTo(asked.get()) < 0).isPresent()
        ? List.of(
            "Its size was " + asked.get() + " and is " + size(stored).orElse(BigInteger.ZERO) + ".")
        : List.of();
  }

  /** The identity of an instance that is started from a machine's template. */
  private static Identity identity(GenericKubernetesResource machine) {
    VmView view = new VmView(machine);
    GenericKubernetesResource instance =
        Kind.INSTANCE.blank(view.ref().namespace(), view.ref().name());
    instance.setAdditionalProperty("spec", view.templateSpec());
    instance.getMetadata().setAnnotations(view.templateAnnotations());
    return Identity.of(new VmiView(instance));
  }

  private static Optional<BigInteger> size(GenericKubernetesResource volume) {
    Map<String, Object> spec = Tree.map(volume.getAdditionalProperties(), "spec");
    return Tree.text(spec, "storage", "resources", "requests", "storage")
        .or(() -> Tree.text(spec, "resources", "requests", "storage"))
        .flatMap(Sizes::bytes);
  }
}
