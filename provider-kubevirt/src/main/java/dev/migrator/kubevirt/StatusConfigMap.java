package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the status of a machine looks as a ConfigMap; pure.
 *
 * @param namespace where the ConfigMaps are
 * @param codec writes and reads the status itself
 */
record StatusConfigMap(String namespace, StatusCodec codec) {

  /** The field that holds the status. */
  static final String FIELD = "status.json";

  /** Annotation: which attempt to save wrote what is there. */
  static final String SAVED_BY = Labels.PREFIX + "saved-by";

  /** A ConfigMap takes 1 MiB; some room stays for what people add to it. */
  static final int MOST_BYTES = 1_000_000;

  /** A field for people who list ConfigMaps; nobody reads it back. */
  private static final String STATE_FIELD = "state";

  /** The labels of all ConfigMaps of a plan. */
  static Map<String, String> selector(String plan) {
    return Map.of(Labels.ROLE, Labels.STATUS, Labels.PLAN, Labels.planToken(plan));
  }

  /**
   * The text of a status.
   *
   * @throws MigrationException permanent, when it is larger than a ConfigMap
   */
  String text(VmStatus status) {
    String text = codec.encode(status);
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    if (size <= MOST_BYTES) {
      return text;
    }
    throw MigrationException.permanent(
        "StatusTooLarge",
        "The status of VM "
            + status.vm()
            + " has "
            + size
            + " bytes, and a ConfigMap can hold "
            + MOST_BYTES
            + ". Look for a phase that records too much: "
            + status.facts().size()
            + " facts, "
            + status.ledger().size()
            + " objects in the ledger, "
            + status.warnings().size()
            + " warnings.");
  }

  /** The ConfigMap of a machine that has none yet. */
  GenericKubernetesResource draw(VmStatus status, String text, String mark) {
    GenericKubernetesResource made =
        Kind.CONFIG_MAP.blank(namespace, Names.status(status.plan(), status.vm()));
    made.getMetadata()
        .setLabels(
            Map.of(
                Labels.ROLE, Labels.STATUS,
                Labels.PLAN, Labels.planToken(status.plan()),
                Labels.VM, Labels.vmToken(status.plan(), status.vm())));
    made.getMetadata().setAnnotations(annotations(status, mark));
    made.setAdditionalProperty("data", data(status, text));
    return made;
  }

  /** What to merge into a ConfigMap that exists. */
  static Map<String, Object> change(VmStatus status, String text, String mark) {
    return Map.of(
        "metadata", Map.of("annotations", annotations(status, mark)), "data", data(status, text));
  }

  /**
   * The status that a ConfigMap holds.
   *
   * @throws MigrationException permanent, when it cannot be understood
   */
  VmStatus read(GenericKubernetesResource object) {
    boolean ours = Labels.STATUS.equals(Labels.label(object, Labels.ROLE));
    if (!ours
        || !(Tree.at(object.getAdditionalProperties(), "data", FIELD) instanceof String text)) {
      throw unusable(object, "it was not written by this library", null);
    }
    try {
      return codec.decode(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw unusable(object, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * As {@link #read}, for the ConfigMap of this very machine.
   *
   * @throws MigrationException permanent, also when it is about another machine
   */
  VmStatus read(GenericKubernetesResource object, String plan, VmRef vm) {
    VmStatus status = read(object);
    if (!status.plan().equals(plan) || !status.vm().equals(vm)) {
      throw unusable(
          object, "it is about VM " + status.vm() + " of plan '" + status.plan() + "'", null);
    }
    return status;
  }

  /** Which attempt wrote what is there; empty when a person took the mark away. */
  static String mark(GenericKubernetesResource object) {
    return Labels.annotations(object).getOrDefault(SAVED_BY, "");
  }

  /** Whether a ConfigMap is where the status it holds belongs, and no copy of it. */
  static boolean isAtItsPlace(GenericKubernetesResource object, VmStatus status) {
    return object.getMetadata().getName().equals(Names.status(status.plan(), status.vm()));
  }

  private static Map<String, String> annotations(VmStatus status, String mark) {
    return Map.of(
        Labels.ORIGIN, Labels.origin(status.plan(), status.run(), status.vm()), SAVED_BY, mark);
  }

  private static Map<String, String> data(VmStatus status, String text) {
    return Map.of(STATE_FIELD, status.state().name(), FIELD, text);
  }

  private MigrationException unusable(
      GenericKubernetesResource object, String why, @Nullable Throwable cause) {
    return MigrationException.permanent(
        "StatusUnusable",
        "ConfigMap "
            + namespace
            + "/"
            + object.getMetadata().getName()
            + " cannot be used as a status: "
            + why
            + ". It is left as it is; a person must look at it before its machine can go on.",
        cause);
  }
}
