package dev.migrator.testkit.apiserver;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * One open watch: frames go into its queue while the storage is locked and out of it afterwards,
 * one at a time and in order, on the thread that wrote or on the one that asks for more.
 */
final class WatchStream {

  /** Where the frames of a watch go; a transport's side of it. */
  interface Sink {
    /** Called with one frame after another, never by two threads at once. */
    void frame(String frame);

    /** Called once, as the last call, when the server ends the watch. */
    void end();
  }

  private static final String END = "";

  final ResourceType type;
  final String namespace;
  final String apiVersion;
  final boolean bookmarks;
  final boolean counted;
  private final Predicate<Map<String, Object>> selection;
  private final Sink sink;
  private final Queue<String> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger passes = new AtomicInteger();
  private volatile boolean closed;

  WatchStream(
      ResourceType type,
      String namespace,
      String apiVersion,
      boolean bookmarks,
      boolean counted,
      Predicate<Map<String, Object>> selection,
      Sink sink) {
    this.type = type;
    this.namespace = namespace;
    this.apiVersion = apiVersion;
    this.bookmarks = bookmarks;
    this.counted = counted;
    this.selection = selection;
    this.sink = sink;
  }

  /** Whether an object is in the namespace that is watched and selected. */
  boolean selects(Stored object) {
    return covers(object) && selection.test(object.tree);
  }

  private boolean covers(Stored object) {
    return object.type.equals(type) && (namespace.isEmpty() || namespace.equals(object.namespace));
  }

  void offer(Change change) {
    if (!closed && covers(change.object())) {
      String frame = change.frame(selection, apiVersion);
      if (frame != null) {
        queue.add(frame);
      }
    }
  }

  void offer(String frame) {
    if (!closed) {
      queue.add(frame);
    }
  }

  /** Ends the watch after the frames that are already in the queue, and says so. */
  void end() {
    queue.add(END);
  }

  /** Stops at once and without a word. */
  void cut() {
    closed = true;
    queue.clear();
  }

  boolean isClosed() {
    return closed;
  }

  /** Allows so many more frames and delivers what waits. */
  void request(long frames) {
    demand.addAndGet(frames);
    drain();
  }

  /** Delivers what waits; must not be called with the storage locked. */
  void drain() {
    if (passes.getAndIncrement() != 0) {
      return; // whoever is delivering looks again before it leaves
    }
    int seen = 1;
    do {
      deliver();
      seen = passes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void deliver() {
    while (!closed) {
      String frame = queue.peek();
      if (frame == null) {
        return;
      }
      if (frame.equals(END)) {
        closed = true;
        sink.end();
      } else if (demand.get() > 0) {
        demand.decrementAndGet();
        queue.remove();
        sink.frame(frame);
      } else {
        return;
      }
    }
  }
}
