package dev.migrator.testkit.kubevirt;

/** The custom kinds that clusters with KubeVirt have, as their definitions declare them. */
final class KubeVirtKinds {

  /** In the form of {@code ApiServer.register}; the instance itself has no status subresource. */
  static final String TABLE =
      """
      kubevirt.io v1,v1alpha3 kubevirts KubeVirt Namespaced status
      kubevirt.io v1,v1alpha3 virtualmachines VirtualMachine Namespaced status
      kubevirt.io v1,v1alpha3 virtualmachineinstances VirtualMachineInstance Namespaced
      kubevirt.io v1,v1alpha3 virtualmachineinstancemigrations VirtualMachineInstanceMigration Namespaced status
      kubevirt.io v1,v1alpha3 virtualmachineinstancepresets VirtualMachineInstancePreset Namespaced
      migrations.kubevirt.io v1alpha1 migrationpolicies MigrationPolicy Cluster status
      instancetype.kubevirt.io v1beta1 virtualmachineinstancetypes VirtualMachineInstancetype Namespaced
      instancetype.kubevirt.io v1beta1 virtualmachinepreferences VirtualMachinePreference Namespaced
      instancetype.kubevirt.io v1beta1 virtualmachineclusterinstancetypes VirtualMachineClusterInstancetype Cluster
      instancetype.kubevirt.io v1beta1 virtualmachineclusterpreferences VirtualMachineClusterPreference Cluster
      snapshot.kubevirt.io v1beta1,v1alpha1 virtualmachinesnapshots VirtualMachineSnapshot Namespaced status
      snapshot.kubevirt.io v1beta1,v1alpha1 virtualmachinerestores VirtualMachineRestore Namespaced status
      cdi.kubevirt.io v1beta1,v1alpha1 cdis CDI Cluster
      cdi.kubevirt.io v1beta1 cdiconfigs CDIConfig Cluster
      cdi.kubevirt.io v1beta1 datavolumes DataVolume Namespaced status
      cdi.kubevirt.io v1beta1 datasources DataSource Namespaced
      cdi.kubevirt.io v1beta1 dataimportcrons DataImportCron Namespaced
      cdi.kubevirt.io v1beta1 storageprofiles StorageProfile Cluster status
      cdi.kubevirt.io v1beta1 volumeimportsources VolumeImportSource Namespaced
      cdi.kubevirt.io v1beta1 volumeclonesources VolumeCloneSource Namespaced
      cdi.kubevirt.io v1beta1 volumeuploadsources VolumeUploadSource Namespaced
      multicluster.x-k8s.io v1beta1,v1alpha1 serviceexports ServiceExport Namespaced status
      multicluster.x-k8s.io v1beta1,v1alpha1 serviceimports ServiceImport Namespaced status
      k8s.cni.cncf.io v1 network-attachment-definitions NetworkAttachmentDefinition Namespaced
      """;

  private KubeVirtKinds() {}
}
