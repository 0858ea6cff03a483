package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Thing;
import java.time.Duration;

/** What a synchronization controller remembers of one half: its connection and what it has sent. */
final class SyncLink {
  private String id = "";
  private String address = "";
  private String vmiVersion = "";
  private String marks = "";
  private Duration delay = Duration.ZERO;
  private int failures;
  private boolean open;
  private boolean poked;
  private boolean toldCompleted;
  private boolean leftoverDecided;

  void remember(String migrationId, String peer) {
    this.id = migrationId;
    if (address.isEmpty()) {
      this.address = peer; // the connection outlives a change of the address
    }
  }

  String id() {
    return id;
  }

  String address() {
    return address;
  }

  boolean open() {
    return open;
  }

  void opened() {
    this.open = true;
  }

  boolean failed() {
    return failures > 0;
  }

  int failures() {
    return failures;
  }

  Duration delay() {
    return delay;
  }

  boolean toldCompleted() {
    return toldCompleted;
  }

  boolean isNews(Thing vmi) {
    return !vmiVersion.equals(vmi.version());
  }

  boolean touched(Thing migration) {
    return !marks.isEmpty() && !marks.equals(marksOf(migration));
  }

  void note(Thing migration) {
    this.marks = marksOf(migration);
  }

  private static String marksOf(Thing migration) {
    return "annotations" + migration.meta().getAnnotations();
  }

  boolean poked() {
    return poked;
  }

  void poke() {
    this.poked = true;
  }

  /** Decides once whether a last, needless push follows the end. */
  boolean leftover(boolean chosen) {
    boolean now = !leftoverDecided && chosen;
    leftoverDecided = true;
    return now;
  }

  void delivered(Thing vmi, boolean completed) {
    this.vmiVersion = vmi.version();
    this.failures = 0;
    this.poked = false;
    this.toldCompleted = completed;
  }

  void lost(Thing vmi, Duration retry) {
    this.vmiVersion = vmi.version();
    this.failures++;
    this.delay = retry;
    this.poked = false;
  }
}
