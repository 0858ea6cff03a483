package dev.migrator.spi;

import dev.migrator.model.Concern;
import dev.migrator.model.VmStatus;
import java.util.List;

/**
 * Where statuses are kept; one entry a machine, each with its own version.
 *
 * <p>Safe for use by several threads. Whoever saves first under a version wins; the other one's
 * turn is thrown away.
 */
public interface StatusStore {

  /**
   * Reads the statuses of a plan.
   *
   * @param plan the plan's id
   * @return the statuses of all its machines that were ever saved, of any run
   * @throws MigrationException when they cannot be read now
   */
  List<VmStatus> load(String plan);

  /**
   * Saves a status if nobody saved another one since it was read.
   *
   * @param status the status; its version is the one that it was read under, 0 for a new one
   * @return whether it was saved; it is then stored under {@code version + 1}
   * @throws MigrationException transient when it is not known whether it was saved; permanent when
   *     this very status never can be, being too large for example: the runner then saves instead
   *     that the machine needs attention, and does nothing more
   */
  boolean save(VmStatus status);

  /**
   * Says what would keep the statuses of a plan from being kept, without a write.
   *
   * <p>Called once by each validation that a host asks for, on the host's thread; by default
   * nothing is the matter.
   *
   * @param plan the plan's id
   * @return what was found, about the plan as a whole
   * @throws MigrationException when it cannot be told now
   */
  default List<Concern> validate(String plan) {
    return List.of();
  }
}
