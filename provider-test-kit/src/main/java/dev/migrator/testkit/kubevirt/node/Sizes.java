package dev.migrator.testkit.kubevirt.node;

import io.fabric8.kubernetes.api.model.Quantity;

/** Kubernetes quantities as bytes. */
final class Sizes {
  private Sizes() {}

  /** The bytes of a quantity; 0 where it is empty. */
  static long bytes(String quantity) {
    return quantity.isEmpty() ? 0 : Quantity.getAmountInBytes(Quantity.parse(quantity)).longValue();
  }
}
