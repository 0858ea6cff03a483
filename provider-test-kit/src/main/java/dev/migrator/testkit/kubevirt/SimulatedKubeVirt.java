package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class two embedded clusters with a simulated KubeVirt, fresh and installed.
 *
 * <p>A test method takes what it needs as parameters: {@link KubeVirtSimulator}, {@link
 * EmbeddedClusters} (or {@link Clusters}), {@link dev.migrator.testkit.kubevirt.world.World} and
 * {@link dev.migrator.testkit.ManualClock}. All of one test belong together and end with it.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SimulatedKubeVirtExtension.class)
public @interface SimulatedKubeVirt {

  /** The source's KubeVirt. */
  KubeVirtVersion source() default KubeVirtVersion.V1_9;

  /** The target's KubeVirt. */
  KubeVirtVersion target() default KubeVirtVersion.V1_9;

  /** What chance is drawn from; the same seed gives the same run. */
  long seed() default 0;
}
