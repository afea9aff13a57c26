//! YouTube: search, a channel's uploads, upload a video, add it to a playlist.

use google_youtube_v3::Client;
use google_youtube_v3::json::DateTime;
use google_youtube_v3::models::{
    PlaylistItem, PlaylistItemSnippet, ResourceId, Video, VideoSnippet, VideoStatus,
};
use google_youtube_v3::Source;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    // Search: what was published this year.
    let found = client
        .search()
        .list(["snippet"])
        .q("rust")
        .r#type(["video"])
        .published_after("2026-01-01T00:00:00Z")
        .max_results(25)
        .send()
        .await?;
    for result in found.items.unwrap_or_default() {
        println!("{:?}", result.snippet.and_then(|snippet| snippet.title));
    }

    // The uploads of my channel.
    let channels = client.channels().list(["contentDetails"]).mine(true).send().await?;
    let channel = channels.items.unwrap_or_default().into_iter().next().ok_or("no channel")?;
    let uploads = channel
        .content_details
        .and_then(|details| details.related_playlists)
        .and_then(|playlists| playlists.uploads)
        .ok_or("no uploads")?;
    let mut items = client.playlist_items().list(["snippet"]).playlist_id(&uploads).items();
    while let Some(item) = items.next().await {
        println!("{:?}", item?.snippet.and_then(|snippet| snippet.title));
    }

    // Upload a video that is published later.
    let video = Video::new()
        .set_snippet(VideoSnippet::new().set_title("Demo").set_tags(["rust", "demo"]))
        .set_status(
            VideoStatus::new()
                .set_privacy_status("private")
                .set_publish_at(DateTime::parse("2026-12-24T18:00:00Z")?),
        );
    let video = client
        .videos()
        .insert(["snippet", "status"], &video)
        .upload(Source::from_path("demo.mp4").with_content_type("video/mp4"))
        .on_progress(|progress| println!("{} of {:?}", progress.confirmed, progress.total))
        .send()
        .await?;
    let id = video.id.ok_or("a video without an ID")?;

    // Add it to a playlist.
    let resource = ResourceId::new().set_kind("youtube#video").set_video_id(&id);
    let snippet =
        PlaylistItemSnippet::new().set_playlist_id("playlist-id").set_resource_id(resource);
    let item = PlaylistItem::new().set_snippet(snippet);
    client.playlist_items().insert(["snippet"], &item).send().await?;
    Ok(())
}
