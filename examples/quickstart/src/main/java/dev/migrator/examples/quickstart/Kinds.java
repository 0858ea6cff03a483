package dev.migrator.examples.quickstart;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds that the demo looks at. */
final class Kinds {

  static final ResourceDefinitionContext VM =
      kind("kubevirt.io", "VirtualMachine", "virtualmachines");
  static final ResourceDefinitionContext INSTANCE =
      kind("kubevirt.io", "VirtualMachineInstance", "virtualmachineinstances");
  static final ResourceDefinitionContext MIGRATION =
      kind("kubevirt.io", "VirtualMachineInstanceMigration", "virtualmachineinstancemigrations");
  static final ResourceDefinitionContext CLAIM =
      kind("", "PersistentVolumeClaim", "persistentvolumeclaims");
  static final ResourceDefinitionContext POD = kind("", "Pod", "pods");

  private Kinds() {}

  private static ResourceDefinitionContext kind(String group, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
