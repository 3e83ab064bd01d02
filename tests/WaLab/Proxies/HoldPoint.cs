namespace WaLab.Proxies;

/// <summary>Where on its way a request is met.</summary>
public enum HoldPoint
{
    /// <summary>Before it is forwarded: the server knows nothing of it.</summary>
    BeforeRequest,

    /// <summary>After its effect: the server has answered, the client has not heard it.</summary>
    AfterEffect,
}
