package dev.migrator.testkit.kubevirt.world;

import java.time.Duration;

/**
 * How long things take that KubeVirt's nodes, volumes and operator do; controllers themselves
 * answer at once.
 *
 * @param claimBound a new claim until it is bound
 * @param volumeFilled a blank DataVolume until it has succeeded, after its claim was bound
 * @param podReady a scheduled launcher pod until it is ready
 * @param prepareTarget handed-off target until its node publishes ports
 * @param acknowledge domain ready on the target until endTimestamp
 * @param complete endTimestamp until completed
 * @param launcherExit guest gone from a launcher until its pod has ended
 * @param bundleMerged write to kubevirt-external-ca until it is merged
 * @param gateOff gate turned off until the synchronization addresses go
 * @param gateOn gate turned on until they come
 * @param bytesPerSecond how fast memory and disks are copied; 0: in no time
 */
public record Timing(
    Duration claimBound,
    Duration volumeFilled,
    Duration podReady,
    Duration prepareTarget,
    Duration acknowledge,
    Duration complete,
    Duration launcherExit,
    Duration bundleMerged,
    Duration gateOff,
    Duration gateOn,
    long bytesPerSecond) {

  /** Everything at once. */
  public static final Timing INSTANT =
      new Timing(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          0);

  /** What a small real cluster takes. */
  public static final Timing TYPICAL =
      new Timing(
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          Duration.ofSeconds(20),
          1L << 30);
}
