package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import java.util.List;

/**
 * A guest that really runs: its VMI is Running, so is its launcher pod, and it has not moved away.
 *
 * @param side the cluster it runs in
 * @param namespace the VM's namespace
 * @param name the VM's name
 * @param uuid its firmware UUID, by which one sees that two are the same
 * @param serial its firmware serial
 * @param macs its interfaces' addresses, in order
 * @param machine its machine type
 * @param cpu model, sockets, cores and threads
 * @param volumes its volumes' names, in order
 */
public record Guest(
    Side side,
    String namespace,
    String name,
    String uuid,
    String serial,
    List<String> macs,
    String machine,
    String cpu,
    List<String> volumes) {

  public Guest {
    macs = List.copyOf(macs);
    volumes = List.copyOf(volumes);
  }

  /** Whether somebody inside could not tell this guest from the other. */
  public boolean looksLike(Guest other) {
    return uuid.equals(other.uuid)
        && serial.equals(other.serial)
        && macs.equals(other.macs)
        && machine.equals(other.machine)
        && cpu.equals(other.cpu)
        && volumes.equals(other.volumes);
  }
}
