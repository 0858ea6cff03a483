package dev.migrator.testkit.kubevirt.machine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What admission refused one controller, by the object that it was made for: tried again later. */
public final class Denials {
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Site site;
  private final Map<String, String> said = new HashMap<>();

  /** The refusals that a controller of this cluster met. */
  public Denials(Site site) {
    this.site = site;
  }

  /** Whether it is too early to try again. */
  public boolean waits(Thing about) {
    return said.containsKey(about.uid()) && !site.timers().elapsed(key(about), RETRY);
  }

  /** Admission refused. */
  public void note(Thing about, DeniedException refusal) {
    said.put(about.uid(), String.valueOf(refusal.getMessage()));
    site.timers().forget(key(about));
    site.timers().elapsed(key(about), RETRY);
  }

  /** It went through. */
  public void over(Thing about) {
    said.remove(about.uid());
    site.timers().forget(key(about));
  }

  /** Why it was refused last; empty where it was not. */
  public String said(Thing about) {
    return said.getOrDefault(about.uid(), "");
  }

  private static String key(Thing about) {
    return about.uid() + "/denied";
  }
}
