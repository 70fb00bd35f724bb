package io.heliosdb.nano.lock;

/// A thread that a host other than the machine lets run.
public abstract class HostedThread extends Thread {
  protected HostedThread(Runnable task, String name) {
    super(task, name);
  }

  public abstract Host host();
}
