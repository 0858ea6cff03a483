/**
 * The KubeVirt provider: moves a running VirtualMachine between clusters by KubeVirt's
 * decentralized live migration.
 */
@NullMarked
package dev.migrator.kubevirt;

import org.jspecify.annotations.NullMarked;
