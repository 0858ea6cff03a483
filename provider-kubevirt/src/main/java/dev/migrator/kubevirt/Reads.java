package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/** Where objects are looked up: at the API servers ({@link Sides}) or in watched copies. */
@FunctionalInterface
interface Reads {

  /**
   * Looks an object up.
   *
   * @param side the side that holds it
   * @param kind its kind
   * @param namespace its namespace
   * @param name its name
   * @return the object, or empty when there is none
   */
  Optional<GenericKubernetesResource> get(Side side, Kind kind, String namespace, String name);
}
